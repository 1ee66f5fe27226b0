
# The proxy's own firewall: TCP to the port on which it listens, from any port.
$rule = Get-OurRule
if ($rule) {
    $ports = $rule | Get-NetFirewallPortFilter -ErrorAction Stop
    $asWanted = ("$($rule.Enabled)" -eq 'True') -and ("$($rule.Direction)" -eq 'Inbound') -and
        ("$($rule.Action)" -eq 'Allow') -and ("$($rule.Profile)" -eq 'Any') -and ("$($ports.Protocol)" -eq 'TCP') -and
        ("$($ports.LocalPort)" -eq $port) -and ("$($ports.RemotePort)" -eq 'Any')
    if ($asWanted) {
        "the firewall rule ${ruleName}: as it should be"
        exit 0
    }
    $rule | Remove-NetFirewallRule -ErrorAction Stop
}
New-NetFirewallRule -Name $ruleName -DisplayName $ruleName -Direction Inbound -Action Allow -Profile Any `
    -Protocol TCP -LocalPort $port -RemotePort Any -ErrorAction Stop | Out-Null
"the firewall rule ${ruleName}: changed"
