
if (Test-Ours) {
    foreach ($name in $paths.Keys) { Set-Value $paths[$name] $name (Get-Value $before $name) | Out-Null }
    'the proxy of the system account: as it was before'
} elseif (Test-Path -LiteralPath $kept) {
    'the proxy of the system account: somebody set another one, which stays'
} else {
    'the proxy of the system account: holds nothing of ours'
}
if (Test-Path -LiteralPath $kept) { Remove-Item -LiteralPath $kept -Recurse }
