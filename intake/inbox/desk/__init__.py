"""What is a desk's or the whole house's: colleagues, numbers, the register; opens no case."""
