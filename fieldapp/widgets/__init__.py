"""Parts of screens as functions from values to controls; they know no state and no screen."""
