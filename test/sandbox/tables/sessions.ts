/** Field tables of Session and CDR; the notation is explained in `locations.ts`. */
export const SESSION_TABLES: Record<string, string> = {
  Session: `
    country_code             -                       -       Ci(2)!         =  =
    party_id                 -                       -       Ci(3)!         =  =
    id                       s(15)!                  s(36)!  Ci(36)!        =  =
    start_date_time          -                       -       DT!            =  =
    end_date_time            -                       -       DT?            =  =
    kwh                      dec!                    num!    =              =  =
    cdr_token                -                       -       CdrToken!      =  =
    auth_method              AuthMethod!             =       =              =  =
    authorization_reference  -                       -       Ci(36)?        =  =
    location_id              -                       -       Ci(36)!        =  =
    evse_uid                 -                       -       Ci(36)!        =  =
    connector_id             -                       -       Ci(36)!        =  =
    meter_id                 s(255)?                 =       =              =  =
    currency                 code(3)!                =       =              =  =
    charging_periods         SessionPeriod*          =       =              =  =
    total_cost               dec!                    num?    Price?         =  =
    status                   SessionStatus!          =       =              =  =
    last_updated             -                       DT!     =              =  =
    start_datetime           DT!                     =       -              -  -
    end_datetime             DT?                     =       -              -  -
    auth_id                  s(15)!                  s(36)!  -              -  -
    location                 Location!               =       -              -  -`,
  SessionPeriod: `
    start_date_time  DT!                =  =        =  =
    dimensions       SessionVolume+     =  =        =  =
    tariff_id        -                  -  Ci(36)?  =  =`,
  SessionVolume: `
    type    SessionDimension!  =     =  =  =
    volume  dec!               num!  =  =  =`,
  CDR: `
    country_code                -            -        Ci(2)!        =      =
    party_id                    -            -        Ci(3)!        =      =
    id                          Ci(15)!      Ci(36)!  Ci(39)!       =      =
    start_date_time             DT!          =        =             =      =
    end_date_time               -            -        DT!           =      =
    session_id                  -            -        Ci(36)?       =      =
    cdr_token                   -            -        CdrToken!     =      =
    auth_method                 AuthMethod!  =        =             =      =
    authorization_reference     -            -        Ci(36)?       =      =
    cdr_location                -            -        CdrLocation!  =      =
    meter_id                    s(255)?      =        =             =      =
    currency                    code(3)!     =        =             =      =
    tariffs                     Tariff*      =        =             =      =
    charging_periods            CdrPeriod+   =        =             =      =
    signed_data                 -            -        SignedData?   =      =
    total_cost                  dec!         num!     Price!        =      =
    total_fixed_cost            -            -        Price?        =      =
    total_energy                -            num!     =             =      =
    total_energy_cost           -            -        Price?        =      =
    total_time                  -            num!     =             =      =
    total_time_cost             -            -        Price?        =      =
    total_parking_time          -            num?     =             =      =
    total_parking_cost          -            -        Price?        =      =
    total_reservation_cost      -            -        Price?        =      =
    remark                      s(255)?      =        =             =      =
    invoice_reference_id        -            -        Ci(39)?       =      =
    credit                      -            -        bool?         =      =
    credit_reference_id         -            -        Ci(39)?       =      =
    home_charging_compensation  -            -        -             bool?  =
    last_updated                -            DT!      =             =      =
    stop_date_time              DT?          DT!      -             -      -
    auth_id                     s(32)!       s(36)!   -             -      -
    location                    Location!    =        -             -      -
    total_usage                 CdrVolume*   -        -             -      -`,
  CdrPeriod: `
    start_date_time  DT!         =  =        =  =
    dimensions       CdrVolume+  =  =        =  =
    tariff_id        -           -  Ci(36)?  =  =`,
  CdrVolume: `
    type    CdrDimension!  =     =  =  =
    volume  dec!           num!  =  =  =`,
  CdrToken: `
    country_code  -  -  -           Ci(2)!  =
    party_id      -  -  -           Ci(3)!  =
    uid           -  -  Ci(36)!     =       =
    type          -  -  TokenType!  =       =
    contract_id   -  -  Ci(36)!     =       =`,
  CdrLocation: `
    id                    -  -  Ci(36)!           =       =
    name                  -  -  s(255)?           =       =
    address               -  -  s(45)!            =       =
    city                  -  -  s(45)!            =       =
    postal_code           -  -  s(10)!            s(10)?  =
    state                 -  -  -                 s(20)?  =
    country               -  -  code(3)!          =       =
    coordinates           -  -  GeoLocation!      =       =
    evse_uid              -  -  Ci(36)!           =       =
    evse_id               -  -  Ci(48)!           =       =
    connector_id          -  -  Ci(36)!           =       =
    connector_standard    -  -  ConnectorType!    =       =
    connector_format      -  -  ConnectorFormat!  =       =
    connector_power_type  -  -  PowerType!        =       =`,
  SignedData: `
    encoding_method          -  -  Ci(36)!       =        =
    encoding_method_version  -  -  int?          =        =
    public_key               -  -  Ci(512)?      s(512)?  =
    signed_values            -  -  SignedValue+  =        =
    url                      -  -  Ci(512)?      s(512)?  =`,
  SignedValue: `
    nature       -  -  Ci(32)!   =         =
    plain_data   -  -  Ci(512)!  s(5000)!  =
    signed_data  -  -  Ci(512)!  s(5000)!  =`,
  ChargingPreferences: `
    profile_type       -  -  ProfileType!  =  =
    departure_time     -  -  DT?           =  =
    energy_need        -  -  num?          =  =
    discharge_allowed  -  -  bool?         =  =`,
};
