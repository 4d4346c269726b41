"""Write a saved model in formats that run without Keras, and measure what each costs and keeps."""
