"""What a family can say and what it sees."""
