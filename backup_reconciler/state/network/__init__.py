"""What stands between VMs and the services that their backups speak to, as Azure has it."""
