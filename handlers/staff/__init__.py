"""What staff and admins can do and what they see."""
