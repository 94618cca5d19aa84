"""The operations, a file per family; each with its derivative, what it saves, its formula."""
