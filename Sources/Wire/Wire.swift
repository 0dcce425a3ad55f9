// Wire: forms that data takes between a client and a server. Percent-encoding, times and days in ISO 8601, multipart
// bodies, addresses and numbers as text.
//
// This target knows no HubSpot and no network: a client and a server can both stand on it.
