"""The shopkeeper's web desk. Every query starts from the shop of the address (`shops.permissions.shop_staff`)."""
