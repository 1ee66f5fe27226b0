
# What follows is the same for every document. The commands of the firewall are functions of a module, which do not see
# the preference that is set here (source: PowerShell issue 4568): each is told to stop at errors.
$ErrorActionPreference = 'Stop'

# The rule of that name, or nothing where there is none. Where the firewall does not answer, nobody knows, and it fails.
function Get-OurRule {
    try {
        return Get-NetFirewallRule -Name $ruleName -ErrorAction Stop
    } catch {
        if ("$($_.CategoryInfo.Category)" -ne 'ObjectNotFound') { throw }
    }
}
