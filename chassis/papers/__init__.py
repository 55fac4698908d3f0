"""Papers that people sign and send: a Word template filled in, and the same as PDF.

The filled document is the paper; its PDF is drawn from it, so that both say the same. Whoever can edit a Word file
can change the template.
"""

from chassis.papers.document import Picture
from chassis.papers.faults import PaperFault
from chassis.papers.filling import filled
from chassis.papers.pdf import drawn

__all__ = ["PaperFault", "Picture", "drawn", "filled"]
