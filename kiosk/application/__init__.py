"""The running till; knows interfaces, never implementations."""
