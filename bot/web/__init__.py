"""The public side: parse, call one service, render."""
