"""Transfers (chuyển sinh hoạt đảng): from the request to the reception, with a deadline in between."""
