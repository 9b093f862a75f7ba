/** Field tables of Tariff, Token and real-time authorisation; the notation is explained in `locations.ts`. */
export const TARIFF_TABLES: Record<string, string> = {
  Tariff: `
    country_code     -               -            Ci(2)!         =  =
    party_id         -               -            Ci(3)!         =  =
    id               s(15)!          s(36)!       Ci(36)!        =  =
    currency         code(3)!        =            =              =  =
    type             -               -            TariffType?    =  =
    tariff_alt_text  DisplayText*    =            =              =  =
    tariff_alt_url   url?            =            =              =  =
    min_price        -               -            Price?         =  PriceLimit?
    max_price        -               -            Price?         =  PriceLimit?
    elements         TariffElement+  =            =              =  =
    tax_included     -               -            -              -  TaxIncluded!
    start_date_time  -               -            DT?            =  =
    end_date_time    -               -            DT?            =  =
    energy_mix       -               EnergyMix?   =              =  =
    last_updated     -               DT!          =              =  =`,
  TariffElement: `
    price_components  PriceComponent+      =  =  =  =
    restrictions      TariffRestrictions?  =  =  =  =`,
  PriceComponent: `
    type       TariffDimension!  =     =     =  =
    price      dec!              num!  =     =  =
    vat        -                 -     num?  =  =
    step_size  int!              =     =     =  =`,
  TariffRestrictions: `
    start_time    hhmm?       =     =                        =  =
    end_time      hhmm?       =     =                        =  =
    start_date    date?       =     =                        =  =
    end_date      date?       =     =                        =  =
    min_kwh       dec?        num?  =                        =  =
    max_kwh       dec?        num?  =                        =  =
    min_current   -           -     num?                     =  =
    max_current   -           -     num?                     =  =
    min_power     dec?        num?  =                        =  =
    max_power     dec?        num?  =                        =  =
    min_duration  int?        =     =                        =  =
    max_duration  int?        =     =                        =  =
    day_of_week   DayOfWeek*  =     =                        =  =
    reservation   -           -     ReservationRestriction?  =  =`,
  Price: `
    excl_vat      -  -  num!  =  -
    incl_vat      -  -  num?  =  -
    before_taxes  -  -  -     -  num!
    taxes         -  -  -     -  TaxAmount*`,
  PriceLimit: `
    before_taxes  -  -  -  -  num!
    after_taxes   -  -  -  -  num?`,
  TaxAmount: `
    name            -  -  -  -  s!
    account_number  -  -  -  -  s?
    percentage      -  -  -  -  num?
    amount          -  -  -  -  num!`,
  Token: `
    country_code          -           -               Ci(2)!           =  =
    party_id              -           -               Ci(3)!           =  =
    uid                   s(15)!      s(36)!          Ci(36)!          =  =
    type                  TokenType!  =               =                =  =
    contract_id           -           -               Ci(36)!          =  =
    visual_number         s(64)!      s(64)?          =                =  =
    issuer                s(64)!      =               =                =  =
    group_id              -           -               Ci(36)?          =  =
    valid                 bool!       =               =                =  =
    whitelist             -           WhitelistType!  =                =  =
    language              -           code(2)?        =                =  =
    default_profile_type  -           -               ProfileType?     =  =
    energy_contract       -           -               EnergyContract?  =  =
    last_updated          -           DT!             =                =  =
    auth_id               s(32)!      s(36)!          -                -  -
    allow_whitelist       bool?       -               -                -  -`,
  EnergyContract: `
    supplier_name  -  -  s(64)!  =  =
    contract_id    -  -  s(64)?  =  =`,
  LocationReferences: `
    location_id    -  s(39)!  Ci(36)!  =  =
    evse_uids      -  s(39)*  Ci(36)*  =  =
    connector_ids  -  s(36)*  -        -  -`,
  AuthorizationInfo: `
    allowed                  -  Allowed!             =        =  =
    token                    -  -                    Token!   =  =
    location                 -  LocationReferences?  =        =  =
    authorization_reference  -  -                    Ci(36)?  =  =
    info                     -  DisplayText?         =        =  =`,
};
