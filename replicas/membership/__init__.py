"""What a service knows of the register: units with their dated tree, members by opaque id, positions and terms."""
