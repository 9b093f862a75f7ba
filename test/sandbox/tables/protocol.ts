/** Field tables of the handshake, commands, charging profiles and hub messages; notation as in `locations.ts`. */
export const PROTOCOL_TABLES: Record<string, string> = {
  // The envelope of an answer, as far as it is the same for every answer.
  Stamp: `
    timestamp  DT!  =  =  =  =`,
  Version: `
    version  s!    =  =  =  =
    url      url!  =  =  =  =`,
  VersionDetails: `
    version    s!         =  =  =  =
    endpoints  Endpoint+  =  =  =  =`,
  Endpoint: `
    identifier  s!    =  =               =  =
    role        -     -  InterfaceRole!  =  =
    url         url!  =  =               =  =`,
  Credentials: `
    token             s!                s(64)!  =                 =  =
    url               url!              =       =                 =  =
    business_details  BusinessDetails!  =       -                 -  -
    party_id          s(3)!             =       -                 -  -
    country_code      s(2)!             =       -                 -  -
    hub_party_id      -                 -       -                 -  Ci(5)?
    roles             -                 -       CredentialsRole+  =  =`,
  CredentialsRole: `
    role              -  -  Role!             =  =
    business_details  -  -  BusinessDetails!  =  =
    party_id          -  -  Ci(3)!            =  =
    country_code      -  -  Ci(2)!            =  =`,
  ClientInfo: `
    party_id      -  -  Ci(3)!             =  =
    country_code  -  -  Ci(2)!             =  =
    role          -  -  Role!              =  =
    status        -  -  ConnectionStatus!  =  =
    last_updated  -  -  DT!                =  =`,
  START_SESSION: `
    response_url             -  url!    =        =        =
    token                    -  Token!  =        =        =
    location_id              -  s(39)!  Ci(36)!  =        =
    evse_uid                 -  s(39)?  Ci(36)?  =        =
    connector_id             -  -       -        Ci(36)?  =
    authorization_reference  -  -       Ci(36)?  =        =`,
  STOP_SESSION: `
    response_url  -  url!    =        =  =
    session_id    -  s(36)!  Ci(36)!  =  =`,
  RESERVE_NOW: `
    response_url             -  url!    =        =  =
    token                    -  Token!  =        =  =
    expiry_date              -  DT!     =        =  =
    reservation_id           -  int!    Ci(36)!  =  =
    location_id              -  s(39)!  Ci(36)!  =  =
    evse_uid                 -  s(39)?  Ci(36)?  =  =
    authorization_reference  -  -       Ci(36)?  =  =`,
  CANCEL_RESERVATION: `
    response_url    -  -  url!     =  =
    reservation_id  -  -  Ci(36)!  =  =`,
  UNLOCK_CONNECTOR: `
    response_url  -  url!    =        =  =
    location_id   -  s(39)!  Ci(36)!  =  =
    evse_uid      -  s(39)!  Ci(36)!  =  =
    connector_id  -  s(36)!  Ci(36)!  =  =`,
  CommandResponse: `
    result   -  CommandResponseType!  =             =  =
    timeout  -  -                     int!          =  =
    message  -  -                     DisplayText*  =  =`,
  // In 2.1.1 the asynchronous result is a CommandResponse too.
  CommandResult: `
    result   -  CommandResponseType!  CommandResultType!  =  =
    message  -  -                     DisplayText*        =  =`,
  SetChargingProfile: `
    charging_profile  -  -  ChargingProfile!  =  =
    response_url      -  -  url!              =  =`,
  ChargingProfile: `
    start_date_time          -  -  DT?                     =  =
    duration                 -  -  int?                    =  =
    charging_rate_unit       -  -  ChargingRateUnit!       =  =
    min_charging_rate        -  -  tenth?                  =  =
    charging_profile_period  -  -  ChargingProfilePeriod*  =  =`,
  ChargingProfilePeriod: `
    start_period  -  -  int!    =  =
    limit         -  -  tenth!  =  =`,
  ActiveChargingProfile: `
    start_date_time   -  -  DT!               =  =
    charging_profile  -  -  ChargingProfile!  =  =`,
  ChargingProfileResponse: `
    result   -  -  ChargingProfileResponseType!  =  =
    timeout  -  -  int!                          =  =`,
  // One table for the three kinds of result; only the one of an active profile has a profile.
  ChargingProfileResult: `
    result   -  -  ChargingProfileResultType!  =  =
    profile  -  -  ActiveChargingProfile?      =  =`,
};
