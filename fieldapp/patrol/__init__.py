"""What a patrol is proposed to be: shift and key period by clock and sun, form by plan."""
