"""What the two listeners share: headers, errors, templates, translations, forms; knows no case and no use case."""
