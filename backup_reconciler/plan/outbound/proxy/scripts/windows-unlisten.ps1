
$rule = Get-OurRule
if ($rule) {
    $rule | Remove-NetFirewallRule -ErrorAction Stop
    "the firewall rule ${ruleName}: removed"
} else {
    "the firewall rule ${ruleName}: is not there"
}
