"""What is computed: pure folds over reports, and the thin Faust shell that runs them."""
