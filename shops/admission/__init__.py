"""The list of the people who open shops: applications, opening, suspension, appeals."""
