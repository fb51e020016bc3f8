"""The reference pages of docs/, written from the code itself: `python -m deploy.reference`."""
