"Import paths of the training guide: chord model and loss."
