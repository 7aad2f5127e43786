# Stands in for Microsoft's module where real PowerShell runs our scripts: the commands they call, the properties they read.

function Get-ADSyncConnector {
    $secret = [pscustomobject]@{ Name = 'Password'; Value = 'not for us' }
    $user = [pscustomobject]@{ Name = 'UserName'; Value = 'Sync_STUB_0a1b@contoso.onmicrosoft.com' }
    [pscustomobject]@{
        Name                   = 'contoso.onmicrosoft.com - AAD'
        Identifier             = [guid]'b891884f-051e-4a83-95af-2544101c9083'
        ConnectorTypeName      = 'Extensible2'
        SubType                = 'Windows Azure Active Directory (Microsoft)'
        ConnectivityParameters = @($user, $secret)
        Partitions             = @()
    }
    $login = @(
        [pscustomobject]@{ Name = 'forest-name'; Value = 'contoso.example' }
        [pscustomobject]@{ Name = 'forest-login-domain'; Value = 'contoso.example' }
        [pscustomobject]@{ Name = 'forest-login-user'; Value = 'MSOL_0a1b' }
        $secret
    )
    $scope = [pscustomobject]@{
        ContainerInclusionList = @('OU=Staff,DC=contoso,DC=example')
        ContainerExclusionList = @()
    }
    $domain = [pscustomobject]@{
        DN                      = 'DC=contoso,DC=example'
        IsDomain                = $true
        Selected                = $true
        ConnectorPartitionScope = $scope
    }
    [pscustomobject]@{
        Name                   = 'contoso.example'
        Identifier             = [guid]'5d0f5a52-1c1b-4a86-9a2e-6d3b0f1a7c01'
        ConnectorTypeName      = 'AD'
        SubType                = ''
        ConnectivityParameters = $login
        Partitions             = @($domain)
    }
}

function Get-ADSyncGlobalSettings {
    $parameter = [pscustomobject]@{ Name = 'Microsoft.Synchronize.StagingMode'; Value = 'False' }
    [pscustomobject]@{ Parameters = @($parameter) }
}

function Get-ADSyncScheduler {
    [pscustomobject]@{
        AllowedSyncCycleInterval            = [timespan]'00:30:00'
        CurrentlyEffectiveSyncCycleInterval = [timespan]'00:30:00'
        NextSyncCyclePolicyType             = 'Delta'
        NextSyncCycleStartTimeInUTC         = [datetime]::UtcNow
        SyncCycleEnabled                    = $true
        MaintenanceEnabled                  = $true
        StagingModeEnabled                  = $false
        SchedulerSuspended                  = $false
    }
}

function Get-ADSyncConnectorRunStatus { }

function Get-ADSyncAADCompanyFeature {
    [pscustomobject]@{
        PasswordHashSync           = $true
        ForcePasswordChangeOnLogOn = $false
        UserWriteback              = $false
        DeviceWriteback            = $false
    }
}

function Get-ADSyncAADPasswordResetConfiguration {
    param([Parameter(Mandatory)][string]$Connector)
    [pscustomobject]@{ Enabled = $false; ServiceStatus = 'Stopped'; OnboardingRequiredStatus = 'Required' }
}

function Set-ADSyncAADPasswordResetConfiguration {
    param([Parameter(Mandatory)][string]$Connector, [Parameter(Mandatory)][bool]$Enable)
    "$Connector $Enable"
}

function Start-ADSyncSyncCycle {
    param([string]$PolicyType)
    [pscustomobject]@{ Result = 'Success' }
}
