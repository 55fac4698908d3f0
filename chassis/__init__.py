"""The microservice chassis that every service stands on. Knows no party work."""
