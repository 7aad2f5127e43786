# Answers: which computer this is, its operating system, .NET and TLS settings, and the rights of our account.
param($Arguments)
Set-StrictMode -Version 2.0

$system = Get-CimInstance -ClassName Win32_OperatingSystem
$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$principal = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList $identity

$places = @(
    @{ key = 'installation_type'; path = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'; name = 'InstallationType' }
    @{ key = 'dotnet_release'; path = 'HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full'; name = 'Release' }
    @{ key = 'tls_default_64'; path = 'HKLM:\SOFTWARE\Microsoft\.NETFramework\v4.0.30319'; name = 'SystemDefaultTlsVersions' }
    @{ key = 'tls_strong_64'; path = 'HKLM:\SOFTWARE\Microsoft\.NETFramework\v4.0.30319'; name = 'SchUseStrongCrypto' }
    @{ key = 'tls_default_32'; path = 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319'; name = 'SystemDefaultTlsVersions' }
    @{ key = 'tls_strong_32'; path = 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319'; name = 'SchUseStrongCrypto' }
    @{ key = 'tls12_client_enabled'; path = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client'; name = 'Enabled' }
    @{ key = 'tls12_client_disabled_by_default'; path = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client'; name = 'DisabledByDefault' }
)
$registry = [ordered]@{}
foreach ($place in $places) {
    # An empty pipeline is not $null to ConvertTo-Json, so an absent value is set to $null first.
    $registry[$place.key] = $null
    foreach ($found in @(Get-ItemProperty -Path $place.path -Name $place.name -ErrorAction SilentlyContinue | Select-Object -ExpandProperty $place.name)) {
        $registry[$place.key] = [string]$found
    }
}

[pscustomobject]@{
    computer_name    = [string]$env:COMPUTERNAME
    os_caption       = [string]$system.Caption
    os_version       = [string]$system.Version
    account          = [string]$identity.Name
    is_administrator = [bool]$principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
    is_sync_admin    = [bool]$principal.IsInRole('ADSyncAdmins')
    now_utc          = [string](Get-Date).ToUniversalTime().ToString('o')
    registry         = $registry
}
