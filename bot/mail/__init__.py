"""Mail of the shop: what comes in becomes a case, what goes out is stored with its cause."""
