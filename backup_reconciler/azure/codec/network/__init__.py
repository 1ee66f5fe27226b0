"""Codecs of Microsoft.Network: ARM JSON → what the network is read into."""
