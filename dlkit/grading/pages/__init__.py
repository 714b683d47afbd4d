"""What people read: safe notebooks, feedback, reports and tables."""
