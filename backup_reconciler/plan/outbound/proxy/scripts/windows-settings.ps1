
# What follows is the same for every document. It runs as SYSTEM, whose proxy is the one of the agent and of extensions.
$ErrorActionPreference = 'Stop'
$settings = 'Registry::HKEY_USERS\S-1-5-18\Software\Microsoft\Windows\CurrentVersion\Internet Settings'
$connections = "$settings\Connections"
$kept = "HKLM:\SOFTWARE\backup-reconciler\$handle"
$before = "$kept\Before"
$written = "$kept\Written"
$paths = [ordered]@{
    ProxyEnable               = $settings
    ProxyServer               = $settings
    ProxyOverride             = $settings
    DefaultConnectionSettings = $connections
    SavedLegacySettings       = $connections
}
# What a person sets; Windows itself keeps a count of changes in the others.
$stated = @('ProxyEnable', 'ProxyServer', 'ProxyOverride')

function Get-Value($path, $name) {
    if (-not (Test-Path -LiteralPath $path)) { return $null }
    $key = Get-Item -LiteralPath $path
    return , $key.GetValue($name, $null)
}

function Test-Same($one, $other) {
    if (($null -eq $one) -or ($null -eq $other)) { return ($null -eq $one) -and ($null -eq $other) }
    return (($one | ForEach-Object { "$_" }) -join ' ') -ceq (($other | ForEach-Object { "$_" }) -join ' ')
}

# Writes a value, or takes it away where it is null. Tells whether that changed anything.
function Set-Value($path, $name, $value) {
    if (Test-Same (Get-Value $path $name) $value) { return $false }
    if ($null -eq $value) {
        Remove-ItemProperty -LiteralPath $path -Name $name
        return $true
    }
    if (-not (Test-Path -LiteralPath $path)) { New-Item -Path $path -Force | Out-Null }
    $type = 'String'
    if ($value -is [int]) { $type = 'DWord' }
    if ($value -is [byte[]]) { $type = 'Binary' }
    New-ItemProperty -LiteralPath $path -Name $name -Value $value -PropertyType $type -Force | Out-Null
    return $true
}

# Whether nobody has set another proxy since: each setting is what we wrote, or what it was before.
function Test-Ours {
    if (-not (Test-Path -LiteralPath $written)) { return $false }
    foreach ($name in $stated) {
        $now = Get-Value $settings $name
        $ours = Test-Same $now (Get-Value $written $name)
        if (-not ($ours -or (Test-Same $now (Get-Value $before $name)))) { return $false }
    }
    return $true
}
