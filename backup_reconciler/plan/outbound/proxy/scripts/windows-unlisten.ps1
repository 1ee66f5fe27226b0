
$ErrorActionPreference = 'Stop'
$rule = Get-NetFirewallRule -Name $ruleName -ErrorAction SilentlyContinue
if ($rule) {
    $rule | Remove-NetFirewallRule
    "the firewall rule ${ruleName}: removed"
} else {
    "the firewall rule ${ruleName}: is not there"
}
