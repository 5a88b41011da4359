#include "plugins/calculators/scope3/common/transport.hpp"

#include <algorithm>

#include "plugins/calculators/scope3/common/operations.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr Boundaries kTransportBoundaries =
    bit(Boundary::kLifeCycle) | bit(Boundary::kCradleToGate);
constexpr PaddedText kTransport("transport");
constexpr PaddedText kStorage("storage");
constexpr PaddedText kEmptyReturn("empty return");
constexpr PaddedText kCustomerTravel("customer travel");

constexpr std::string_view kInbound = "inbound";
constexpr std::string_view kInternal = "internal";
constexpr std::string_view kOutbound = "outbound";
constexpr std::string_view kBeforeSupplier = "before_supplier";
constexpr std::string_view kCustomer = "customer";

constexpr std::string_view kSea = "sea";
constexpr std::string_view kAir = "air";
constexpr std::string_view kModes[] = {"road", "rail", kSea, "inland_water", kAir};

constexpr double kPercent = 100;
// The guidance's mass of the goods in a container of which only the number is known.
constexpr double kTonnesPerTeu = 10;

const Unit& tonne() {
  static const Unit kTonne = *parse_unit("t");
  return kTonne;
}

}  // namespace

Transport::Transport(const Info& info, int32_t number, Side side)
    : Category({info, number, kTransportBoundaries, kSpend, kMinimumIsCombustion}),
      side_(side),
      tonnes_per_teu_(kTonnesPerTeu) {}

void Transport::inputs(Inputs& in) {
  direction_ = in.text("direction",
                       "inbound (from our suppliers), internal, outbound (to our customers), "
                       "customer (their way to the shop), before_supplier");
  paid_by_us_ = in.yes_no("paid_by_us", "whether we pay for the transport or storage");
  own_vehicle_ = in.yes_no("own_vehicle", "whether the vehicle or building is ours: scope 1 and 2");
  freight_in_price_ = in.yes_no("freight_in_price",
                                "whether the freight's cost is in the price of the goods, which "
                                "category 1 counts");
  mode_ = in.text("mode", "road, rail, sea, inland_water or air");
  vehicle_ = in.text("vehicle", "activity code of the vehicle, or its name within `activity`");
  laden_ = in.text("laden", "how full it is: the technology of the factor (average laden, ...)");
  technology_ = in.text("technology", "fuel or drive: the technology, where no laden class is");

  fuel_ = in.quantity("fuel", "fuel used", std::nullopt, "fuel_unit");
  fuel_type_ = in.text("fuel_type", "activity code of the fuel; default: `activity`");
  fuel_spend_ = in.money("fuel_spend", "what the fuel cost");
  fuel_price_ =
      in.quantity("fuel_price", "price of one `fuel_unit` of it", std::nullopt, "fuel_unit");
  per_100km_ = in.quantity("fuel_per_100km", "fuel used for 100 km", std::nullopt, "fuel_unit");
  empty_distance_ = in.quantity("empty_distance", "way back without a load", Dimension::kDistance);
  empty_per_100km_ = in.quantity("empty_fuel_per_100km", "fuel used for 100 km without a load",
                                 std::nullopt, "fuel_unit");
  electricity_ = in.quantity("electricity", "electricity used", Dimension::kEnergy);
  electricity_type_ = in.text("electricity_type", "activity code of the electricity");
  leak_ = in.quantity("refrigerant_leak", "refrigerant that leaked", Dimension::kMass);
  refrigerant_ = in.text("refrigerant", "what leaked: R-134a, R-410A, ...");

  mass_ = in.quantity("mass", "mass of our goods, or the chargeable mass", Dimension::kMass);
  packaging_ = in.quantity("packaging_mass", "what `mass` lacks of packaging", Dimension::kMass);
  teu_ = in.quantity("teu", "containers of our goods", Dimension::kTeu);
  distance_ = in.quantity("distance", "length of the leg; or mass x distance (t km) of all of it");
  freight_ = in.quantity("mass_distance", "mass x distance, where it is known as such: t km",
                         Dimension::kFreight);
  vehicle_freight_ =
      in.quantity("vehicle_mass_distance", "mass x distance of all goods of the vehicle's run",
                  Dimension::kFreight);
  great_circle_ = in.yes_no("great_circle", "whether it is measured as the crow flies");
  vehicle_mass_ =
      in.quantity("vehicle_mass", "mass of all goods in the vehicle, as `mass`", Dimension::kMass);
  volume_ = in.quantity("volume", "volume of our goods", Dimension::kVolume);
  vehicle_volume_ =
      in.quantity("vehicle_volume", "volume of all goods in the vehicle", Dimension::kVolume);
  volume_limited_ = in.yes_no("volume_limited", "whether volume, not mass, filled the vehicle");
  share_percent_ = in.percent("share_percent", "our part of the vehicle's load or journey");

  stored_ = in.quantity("stored", "goods in store: m3, pallets, TEU, m2");
  storage_time_ = in.quantity("storage_time", "how long they are there", Dimension::kTime);
  site_total_ = in.quantity("site_total", "all goods that the building stores, as `stored`");
}

std::vector<Method> Transport::methods() const {
  return {method<&Transport::fuel_based>("fuel_based", {}),
          method<&Transport::site_specific>("site_specific", {stored_, site_total_}),
          method<&Transport::supplier_specific>("supplier_specific", {common().own_factor}),
          method<&Transport::distance_based>("distance_based", {}),
          method<&Transport::average_data>("average_data", {stored_, storage_time_}),
          method<&Transport::spend_based>("spend_based", {spend()})};
}

void Transport::options(Options& opt) {
  opt.optional("tonnes_per_teu", tonnes_per_teu_,
               "load of a TEU whose mass is not known; 0: such rows have no data by mass");
  opt.optional("great_circle_percent", great_circle_percent_,
               "what is added to distances as the crow flies: 5 in ISO 14083");
  if (opt.describing()) return;
  if (!(tonnes_per_teu_ >= 0)) throw Error(CM_INVALID, "it is a mass like 10").at("tonnes_per_teu");
  if (!(great_circle_percent_ >= 0))
    throw Error(CM_INVALID, "it is a percentage like 5").at("great_circle_percent");
}

void Transport::hash_options(Hasher& hasher) const {
  hasher.add(tonnes_per_teu_).add(great_circle_percent_);
}

bool Transport::by_customer(const Formula& f) const {
  return f.text_or(direction_, {}) == kCustomer;
}

// What we pay for is category 4, and what our first suppliers send to us whoever pays; what others
// pay for after the sale is category 9.
bool Transport::right_category(Formula& f) const {
  const bool upstream = side_ == Side::kUpstream;
  const std::string_view direction = f.text_or(direction_, {});
  if (f.yes(own_vehicle_, false))
    f.fail(Gap::kOutOfScope, own_vehicle_, "it is our own vehicle or building: scope 1 and 2");
  if (f.yes(freight_in_price_, false))
    f.fail(Gap::kOutOfScope, freight_in_price_,
           "its cost is in the price of the goods: category 1 counts it");
  if (direction == kBeforeSupplier)
    f.fail(Gap::kOutOfScope, direction_, "it is before our suppliers: category 1 counts it");
  const bool to_us = direction == kInbound || direction == kInternal;
  if (!direction.empty() && !to_us && direction != kOutbound && direction != kCustomer)
    f.fail(Gap::kUnknownWord, direction_, direction);
  const bool paid = f.yes(paid_by_us_, upstream && direction != kCustomer);
  if (upstream && !paid && !to_us)
    f.fail(Gap::kOutOfScope, paid_by_us_, "others pay for it after the sale: category 9");
  if (!upstream && to_us)
    f.fail(Gap::kOutOfScope, direction_, "it comes to us or is between our sites: category 4");
  if (!upstream && paid) f.fail(Gap::kOutOfScope, paid_by_us_, "we pay for it: category 4");
  return !f.failed();
}

// --- Transport.

double Transport::share_of(Formula& f, Input own, Input total) const {
  return share_of(f, f.amount(own), own, total);
}

double Transport::share_of(Formula& f, const Amount& ours, Input own, Input total) const {
  const Amount all = f.amount(total);
  if (f.failed()) return 0;
  if (ours.unit.dimension != all.unit.dimension) {
    f.fail(Gap::kUnitMismatch, total, all.steps.given_unit.view());
    return 0;
  }
  const double share = convert(ours.value, ours.unit, all.unit) / all.value;
  if (!(share >= 0 && share <= 1)) f.fail(Gap::kShareOutOfRange, own);
  return share;
}

// By mass on roads, rails and in the air, unless volume is what filled the vehicle; by volume at
// sea. A vehicle of which no total is known carries our goods alone.
double Transport::share_of_vehicle(Formula& f) const {
  if (f.has(share_percent_)) return f.percent(share_percent_);
  const std::string_view mode = f.text_or(mode_, {});
  if (!mode.empty() && std::find(std::begin(kModes), std::end(kModes), mode) == std::end(kModes))
    f.fail(Gap::kUnknownWord, mode_, mode);
  if (f.has(vehicle_freight_)) return share_of(f, freight(f), freight_, vehicle_freight_);
  const bool has_mass = f.has(vehicle_mass_);
  const bool has_volume = f.has(vehicle_volume_);
  if (!has_mass && !has_volume) return 1;
  if (!has_mass || mode == kSea || f.yes(volume_limited_, false))
    return share_of(f, volume_, vehicle_volume_);
  return share_of(f, mass_, vehicle_mass_);
}

void Transport::add_fuel(Formula& f, double share) const {
  const std::string_view code =
      f.text_or(fuel_type_, {}).empty() ? f.activity() : f.text(fuel_type_);
  const auto add = [&](const Amount& fuel, std::string_view label) {
    f.add(fuel.share(share), f.factor(code, Boundary::kLifeCycle, fuel), label);
  };
  if (f.has(fuel_)) {
    add(f.amount(fuel_), "fuel");
  } else if (f.has(fuel_spend_)) {  // [4.2]
    add(fuel_for_money(f, fuel_spend_, fuel_price_), "fuel by its cost");
  } else if (f.has(per_100km_)) {  // [4.3]
    add(fuel_for_way(f, f.amount(distance_), per_100km_), "fuel by distance");
  }
  if (!f.has(empty_distance_)) return;
  const bool before = f.is_optional();
  f.optional();  // [4.5]
  add(fuel_for_way(f, f.amount(empty_distance_), empty_per_100km_), "empty return");
  f.optional(before);
}

void Transport::add_electricity_and_leak(Formula& f, double share) const {
  if (f.has(electricity_)) {
    const Amount electricity = f.amount(electricity_);
    f.add(electricity.share(share),
          f.factor(f.text(electricity_type_), Boundary::kLifeCycle, electricity), "electricity");
  }
  if (f.has(leak_)) f.add(f.amount(leak_).share(share), f.gas(f.text(refrigerant_)), "refrigerant");
}

void Transport::fuel_based(Formula& f) const {
  if (is_site(f)) return f.fail(Gap::kNoData);
  const bool runs = f.has(fuel_) || f.has(fuel_spend_) || f.has(per_100km_);
  const bool other = f.has(electricity_) || f.has(leak_);
  const bool comes_back = f.has(empty_distance_);
  if (!runs && !other && !comes_back) return f.fail(Gap::kNoData);
  if (!right_category(f)) return;
  f.optional(by_customer(f));
  f.kind(by_customer(f) ? kCustomerTravel : runs || other ? kTransport : kEmptyReturn);
  const double share = share_of_vehicle(f);
  if (runs || comes_back) add_fuel(f, share);
  add_electricity_and_leak(f, share);
}

// The guidance asks for no adjustment on the way of ships and planes; a road is never straight.
Amount Transport::distance(Formula& f) const {
  Amount out = f.amount(distance_);
  if (!f.yes(great_circle_, false)) return out;
  if (great_circle_percent_ > 0) return out.times(1 + great_circle_percent_ / kPercent);
  if (f.text_or(mode_, {}) != kAir) f.fail(Gap::kMissingInput, great_circle_);
  return out;
}

Amount Transport::freight(Formula& f) const {
  if (f.has(freight_)) return f.amount(freight_);
  const Amount way = distance(f);
  return way.unit.dimension == Dimension::kFreight ? way : f.product(mass(f), way);
}

Amount Transport::mass(Formula& f) const {
  Amount out = f.amount(mass_);
  if (!f.has(packaging_)) return out;
  const Amount packaging = f.amount(packaging_);
  out.value += convert(packaging.value, packaging.unit, out.unit);
  out.steps.given = out.steps.net = out.value;
  return out;
}

std::string_view Transport::code(Formula& f) const {
  return f.code_within(f.activity(), f.text_or(vehicle_, {}));
}

Found Transport::factor(Formula& f, std::string_view code, const Amount& per) const {
  const std::string_view laden = f.text_or(laden_, {});
  const std::string_view technology = f.text_or(technology_, {});
  if (laden.empty() && technology.empty()) return f.factor(code, Boundary::kLifeCycle, per);
  std::string_view both;
  if (!laden.empty() && !technology.empty())
    both = f.keep(std::string(laden) + ", " + std::string(technology)).view();
  return f.factor_of_any(code, Boundary::kLifeCycle, per, {both, laden, technology});
}

// A vehicle that is hired as a whole, or our part of it.
void Transport::add_vehicle(Formula& f, const Amount& way, std::string_view code) const {
  const double share = share_of_vehicle(f);
  f.add(way.share(share), factor(f, code, way));
}

void Transport::add_freight(Formula& f) const {
  const std::string_view code = this->code(f);
  const bool has_mass = f.has(mass_);
  if (f.has(freight_)) {
    const Amount carried = f.amount(freight_);
    return f.add(carried, factor(f, code, carried));
  }
  const Amount way = distance(f);
  if (f.failed()) return;
  if (way.unit.dimension != Dimension::kDistance) return f.add(way, factor(f, code, way));
  const bool per_vehicle = f.has_factor(code, Boundary::kLifeCycle, Dimension::kDistance);
  if (has_mass) {
    const Amount carried = freight(f);
    const bool shared = f.has(share_percent_) || f.has(vehicle_mass_) || f.has(vehicle_volume_) ||
                        f.has(vehicle_freight_);
    if (per_vehicle && shared && !f.has_factor(code, Boundary::kLifeCycle, Dimension::kFreight))
      return add_vehicle(f, way, code);
    return f.add(carried, factor(f, code, carried));
  }
  if (!f.has(teu_)) {
    if (per_vehicle || code.empty()) return add_vehicle(f, way, code);
    return f.fail(Gap::kMissingInput, mass_);
  }
  const Amount containers = f.amount(teu_);
  const Amount carried = f.product(containers, way);
  const Found per_teu = f.find(code, Boundary::kLifeCycle, carried);
  if (per_teu || tonnes_per_teu_ == 0) return f.add(carried, factor(f, code, carried));
  Amount goods = containers;
  goods.value = containers.value * containers.unit.size;
  goods.unit = tonne();
  const Amount freight = f.product(goods.times(tonnes_per_teu_), way);
  f.add(freight, factor(f, code, freight));
}

// What goes home with a customer has no mass of its own: the car's way, by our part of the journey.
void Transport::customer_travel(Formula& f) const {
  f.kind(kCustomerTravel);
  f.optional();
  const Amount way = distance(f);
  f.add(way.share(f.percent(share_percent_)), factor(f, code(f), way));
}

// Factors per t km are for an average load: no load of the vehicle is in this formula.
void Transport::distance_based(Formula& f) const {
  if (!f.has(distance_) && !f.has(freight_)) return;
  if (!right_category(f)) return;
  if (by_customer(f)) return customer_travel(f);
  f.kind(kTransport);
  add_freight(f);
}

// --- Storage.

Amount Transport::stored(Formula& f) const {
  return f.product(f.amount(stored_), f.amount(storage_time_));
}

void Transport::site_specific(Formula& f) const {
  const bool has_fuel = f.has(fuel_) || f.has(fuel_spend_);
  if (!has_fuel && !f.has(electricity_) && !f.has(leak_)) return f.fail(Gap::kNoData);
  if (!right_category(f)) return;
  f.kind(kStorage);
  const double share = share_of(f, stored_, site_total_);
  if (has_fuel) add_fuel(f, share);
  add_electricity_and_leak(f, share);
}

void Transport::average_data(Formula& f) const {
  if (!right_category(f)) return;
  f.kind(kStorage);
  const Amount storage = stored(f);
  f.add(storage, f.factor(f.activity(), Boundary::kLifeCycle, storage));
}

// --- Both.

// What a carrier's factor is per is never guessed: it may be t km, vehicle km or a litre.
void Transport::supplier_specific(Formula& f) const {
  if (!right_category(f)) return;
  if (f.text_or(common().own_unit, {}).empty()) return f.fail(Gap::kMissingUnit, common().own_unit);
  const Found own = f.own_factor(Boundary::kLifeCycle, mass_);
  if (!own) return;
  switch (own.factor->per.dimension) {
    case Dimension::kFreight:
      f.kind(kTransport);
      return f.add(freight(f), own);
    case Dimension::kTeuDistance:
      f.kind(kTransport);
      return f.add(f.product(f.amount(teu_), distance(f)), own);
    case Dimension::kDistance: {
      f.kind(kTransport);
      const double share = share_of_vehicle(f);
      return f.add(distance(f).share(share), own);
    }
    case Dimension::kVolumeTime:
    case Dimension::kAreaTime:
    case Dimension::kCountTime:
    case Dimension::kTeuTime:
      f.kind(kStorage);
      return f.add(stored(f), own);
    case Dimension::kMoney:
      return f.add(f.money(spend()), own);
    default:
      f.kind(kTransport);
      return f.add(f.amount(fuel_).share(share_of_vehicle(f)), own);
  }
}

void Transport::spend_based(Formula& f) const {
  if (!right_category(f)) return;
  f.add_spend(f.money(spend()), f.activity(), Boundary::kCradleToGate);
}

}  // namespace chunkmill::scope3
