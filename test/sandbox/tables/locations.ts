/**
 * Field tables of Location and what it is made of. One row a field, one column a version (2.0, 2.1.1, 2.2, 2.2.1,
 * 2.3.0): a type and its cardinality (`!` one, `?` none or one, `*` any, `+` at least one), `-` for a field that the
 * version does not have, `=` for "as in the column before".
 */
export const LOCATION_TABLES: Record<string, string> = {
  Location: `
    country_code          -                  -        Ci(2)!             =        =
    party_id              -                  -        Ci(3)!             =        =
    id                    s(15)!             s(39)!   Ci(36)!            =        =
    publish               -                  -        bool!              =        =
    publish_allowed_to    -                  -        PublishTokenType*  =        =
    name                  s(255)?            =        =                  =        =
    address               s(45)!             =        =                  s(255)!  =
    city                  s(45)!             =        =                  =        =
    postal_code           s(10)!             =        s(10)?             =        =
    state                 -                  -        s(20)?             s(45)?   =
    country               code(3)!           =        =                  =        =
    coordinates           GeoLocation!       =        =                  =        =
    related_locations     AdditionalGeoLocation*  =   =                  =        =
    parking_type          -                  -        ParkingType?       =        =
    evses                 EVSE*              =        =                  =        =
    parking_places        -                  -        -                  -        Parking*
    directions            DisplayText*       =        =                  =        =
    operator              BusinessDetails?   =        =                  =        =
    suboperator           BusinessDetails?   =        =                  =        =
    owner                 -    BusinessDetails?       =                  =        =
    facilities            -                  Facility*  =                =        =
    time_zone             -                  s(255)?  s(255)!            =        =
    opening_times         Hours?             =        =                  =        =
    charging_when_closed  bool?              =        =                  =        =
    images                Image*             =        =                  =        =
    energy_mix            -                  EnergyMix?  =               =        =
    help_phone            -                  -        -                  -        Ci(25)?
    last_updated          -                  DT!      =                  =        =
    type                  LocationType!      =        -                  -        -`,
  EVSE: `
    uid                         s(15)!               s(39)!   Ci(36)!  =  =
    evse_id                     s(48)?               =        Ci(48)?  =  =
    status                      Status!              =        =        =  =
    status_schedule             StatusSchedule*      =        =        =  =
    capabilities                Capability*          =        =        =  =
    connectors                  Connector+           =        =        =  =
    floor_level                 s(4)?                =        =        =  =
    coordinates                 GeoLocation?         =        =        =  =
    physical_reference          s(16)?               =        =        =  =
    directions                  DisplayText*         =        =        =  =
    parking_restrictions        ParkingRestriction*  =        =        =  =
    parking                     -                    -        -        -  EVSEParking*
    images                      Image*               =        =        =  =
    accepted_service_providers  -                    -        -        -  s(50)*
    last_updated                -                    DT!      =        =  =`,
  Connector: `
    id                    s(15)!            s(36)!  Ci(36)!  =  =
    standard              ConnectorType!    =       =        =  =
    format                ConnectorFormat!  =       =        =  =
    power_type            PowerType!        =       =        =  =
    max_voltage           -                 -       int!     =  =
    max_amperage          -                 -       int!     =  =
    max_electric_power    -                 -       int?     =  =
    tariff_ids            -                 -       Ci(36)*  =  =
    terms_and_conditions  url?              =       =        =  =
    capabilities          -                 -       -        -  ConnectorCapability*
    last_updated          -                 DT!     =        =  =
    voltage               int!              =       -        -  -
    amperage              int!              =       -        -  -
    tariff_id             s(15)?            s(36)?  -        -  -
    status                Status!           -       -        -  -`,
  Parking: `
    id                        -  -  -  -  Ci(36)!
    physical_reference        -  -  -  -  s(12)?
    vehicle_types             -  -  -  -  VehicleType+
    max_vehicle_weight        -  -  -  -  num?
    max_vehicle_height        -  -  -  -  num?
    max_vehicle_length        -  -  -  -  num?
    max_vehicle_width         -  -  -  -  num?
    parking_space_length      -  -  -  -  num?
    parking_space_width       -  -  -  -  num?
    dangerous_goods_allowed   -  -  -  -  bool?
    direction                 -  -  -  -  ParkingDirection?
    drive_through             -  -  -  -  bool?
    restricted_to_type        -  -  -  -  bool!
    reservation_required      -  -  -  -  bool!
    time_limit                -  -  -  -  num?
    roofed                    -  -  -  -  bool?
    images                    -  -  -  -  Image*
    lighting                  -  -  -  -  bool?
    refrigeration_outlet      -  -  -  -  bool?
    standards                 -  -  -  -  Ci(36)*
    apds_reference            -  -  -  -  Ci?`,
  EVSEParking: `
    parking_id     -  -  -  -  Ci(36)!
    evse_position  -  -  -  -  EVSEPosition?`,
  PublishTokenType: `
    uid            -  -  Ci(36)?     =  =
    type           -  -  TokenType?  =  =
    visual_number  -  -  s(64)?      =  =
    issuer         -  -  s(64)?      =  =
    group_id       -  -  Ci(36)?     =  =`,
  GeoLocation: `
    latitude   lat!  =  =  =  =
    longitude  lon!  =  =  =  =`,
  AdditionalGeoLocation: `
    latitude   lat!          =  =  =  =
    longitude  lon!          =  =  =  =
    name       DisplayText?  =  =  =  =`,
  StatusSchedule: `
    period_begin  DT!      =  =  =  =
    period_end    DT?      =  =  =  =
    status        Status!  =  =  =  =`,
  Hours: `
    twentyfourseven       bool?               =  bool!  =  =
    regular_hours         RegularHours*       =  =      =  =
    exceptional_openings  ExceptionalPeriod*  =  =      =  =
    exceptional_closings  ExceptionalPeriod*  =  =      =  =`,
  RegularHours: `
    weekday       weekday!  =  =  =  =
    period_begin  hhmm!     =  =  =  =
    period_end    hhmm!     =  =  =  =`,
  ExceptionalPeriod: `
    period_begin  DT!  =  =  =  =
    period_end    DT!  =  =  =  =`,
  DisplayText: `
    language  code(2)!  =  =  =  =
    text      s(512)!   =  =  =  =`,
  BusinessDetails: `
    name     s(100)!  =  =  =  =
    website  url?     =  =  =  =
    logo     Image?   =  =  =  =`,
  Image: `
    url        url!            =  =       =  =
    thumbnail  url?            =  =       =  =
    category   ImageCategory!  =  =       =  =
    type       s(4)!           =  Ci(4)!  =  =
    width      int(5)?         =  =       =  =
    height     int(5)?         =  =       =  =`,
  EnergyMix: `
    is_green_energy      -  bool!                 =  =  =
    energy_sources       -  EnergySource*         =  =  =
    environ_impact       -  EnvironmentalImpact*  =  =  =
    supplier_name        -  s(64)?                =  =  =
    energy_product_name  -  s(64)?                =  =  =`,
  EnergySource: `
    source      -  EnergySourceCategory!  =  =  =
    percentage  -  num!                   =  =  =`,
  EnvironmentalImpact: `
    source    -  EnvironmentalImpactCategory!  -                             -  -
    category  -  -                             EnvironmentalImpactCategory!  =  =
    amount    -  num!                          =                             =  =`,
};
