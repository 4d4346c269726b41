"""What the sets share. Nothing here knows of any of them."""
