
# What WinINet reads: version, count of changes, flags (1 direct, 2 a proxy), proxy, exceptions and script address, each
# after its length, and 32 bytes of nothing.
function ConvertTo-ConnectionSettings($server, $override) {
    $bytes = New-Object System.Collections.Generic.List[byte]
    foreach ($number in 0x46, 0, 3) { $bytes.AddRange([BitConverter]::GetBytes([int]$number)) }
    foreach ($text in $server, $override, '') {
        $bytes.AddRange([BitConverter]::GetBytes([int]$text.Length))
        $bytes.AddRange([Text.Encoding]::ASCII.GetBytes($text))
    }
    $bytes.AddRange((New-Object byte[] 32))
    return , $bytes.ToArray()
}

# Without the count of changes, which goes up by itself.
function Test-SameConnection($one, $other) {
    if (($null -eq $one) -or ($one.Length -lt 8)) { return $false }
    return Test-Same ($one[0..3] + $one[8..($one.Length - 1)]) ($other[0..3] + $other[8..($other.Length - 1)])
}

$server = "${proxyHost}:$port"
$connection = ConvertTo-ConnectionSettings $server $bypass
$wanted = @{
    ProxyEnable               = 1
    ProxyServer               = $server
    ProxyOverride             = $bypass
    DefaultConnectionSettings = $connection
    SavedLegacySettings       = $connection
}

if (-not (Test-Ours)) {
    # What is there is not ours: it is what will be put back.
    if (Test-Path -LiteralPath $kept) { Remove-Item -LiteralPath $kept -Recurse }
    New-Item -Path $before -Force | Out-Null
    foreach ($name in $paths.Keys) { Set-Value $before $name (Get-Value $paths[$name] $name) | Out-Null }
}
foreach ($name in $stated) { Set-Value $written $name $wanted[$name] | Out-Null }

$changed = $false
foreach ($name in $paths.Keys) {
    $now = Get-Value $paths[$name] $name
    if (($wanted[$name] -is [byte[]]) -and (Test-SameConnection $now $wanted[$name])) { continue }
    if (Set-Value $paths[$name] $name $wanted[$name]) { $changed = $true }
}
if ($changed) { 'the proxy of the system account: changed' } else { 'the proxy of the system account: as it should be' }
