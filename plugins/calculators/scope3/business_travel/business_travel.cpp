#include "plugins/calculators/scope3/business_travel/business_travel.hpp"

#include <bit>

namespace chunkmill::scope3 {
namespace {

constexpr Boundaries kNeeded = bit(Boundary::kLifeCycle) | bit(Boundary::kCradleToGate);
constexpr PaddedText kTravel("travel");
constexpr PaddedText kHotel("hotel");
constexpr PaddedText kTravelAndHotel("travel and hotel");
constexpr PaddedText kKilometres("km");

Unit kilometre() {
  static const Unit kUnit = *parse_unit("km");
  return kUnit;
}

}  // namespace

BusinessTravel::BusinessTravel() : Travel({kInfo, 6, kNeeded, kSpend, kMinimumIsCombustion}) {}

void BusinessTravel::inputs(Inputs& in) {
  travel_inputs(in, "distance", "way of one trip in one direction; or passenger-km of all");
  fuel_cost_inputs(in);
  persons_ = in.number("passengers", "how many of us travelled; without: one");
  from_ = in.text("from_airport", "code of an airport, see `airports`");
  in.begins_method(from_);
  to_ = in.text("to_airport", "code of an airport, see `airports`");
  trips_ = in.number("trips", "how many such trips; without: one");
  return_trip_ = in.yes_no("return_trip", "whether the same way back counts as well");
  nights_ = in.quantity("nights", "nights of a hotel room", Dimension::kNight);
  hotel_ = in.text("hotel", "activity code of the nights; default: the row's activity");
}

std::vector<Method> BusinessTravel::methods() const {
  return {method<&BusinessTravel::fuel_based>("fuel_based", {}),
          method<&BusinessTravel::distance_based>("distance_based", {}),
          method<&BusinessTravel::spend_based>("spend_based", {spend()})};
}

void BusinessTravel::options(Options& opt) {
  opt.optional("airports", airports_lookup_,
               "a lookup of airports: code, latitude, longitude in degrees");
  opt.optional("haul_bands", bands_lookup_,
               "a lookup of codes by the length of a way: activity, below_km (empty: no limit), "
               "code");
  opt.optional("distance_uplift_percent", uplift_percent_,
               "added to ways between airports, where the factors do not hold it already (those "
               "of DESNZ do: 8 %)");
}

void BusinessTravel::load(const Broker& broker) {
  (void)broker;
  if (!airports_lookup_.empty()) airports_.load(host(), airports_lookup_);
  if (!bands_lookup_.empty()) bands_.load(host(), bands_lookup_);
}

void BusinessTravel::hash_options(Hasher& hasher) const {
  hasher.add(std::bit_cast<uint64_t>(uplift_percent_));
}

void BusinessTravel::fuel_based(Formula& f) const {
  if (!has_fuel(f) || !in_scope(f)) return;
  f.kind(kTravel);
  add_fuel(f, 1, fuel_by_way(f) ? whole_way(f) : Amount());
  add_nights(f, true);
}

void BusinessTravel::distance_based(Formula& f) const {
  if (!in_scope(f)) return;
  const bool travels = has_way(f);
  if (travels) {
    f.kind(kTravel);
    const Amount way = one_way(f);
    add_trip(f, way.times(ways(f)), count_or(f, persons_, 1),
             f.has_own_factor() ? std::string_view() : code_for(f, way), way_);
  }
  add_nights(f, travels);
}

double BusinessTravel::ways(Formula& f) const {
  return count_or(f, trips_, 1) * (f.yes(return_trip_, false) ? 2 : 1);
}

Amount BusinessTravel::one_way(Formula& f) const {
  if (f.has(way_)) return f.amount(way_);
  Amount out = Formula::constant(0, kilometre());
  const auto find = [&](Input in) {
    const std::string_view code = f.has(in) ? f.text(in) : std::string_view();
    if (code.empty()) f.fail(Gap::kMissingInput, in);
    const Airports::Place* const place = airports_.find(code);
    if (place == nullptr) f.fail(Gap::kUnknownAirport, in, code);
    return place;
  };
  const Airports::Place* const from = find(from_);
  const Airports::Place* const to = find(to_);
  if (f.failed()) return out;
  out.value = out.steps.given = out.steps.net = great_circle_km(*from, *to);
  out.steps.given_unit = kKilometres;
  return out.times(1 + uplift_percent_ / 100);
}

std::string_view BusinessTravel::code_for(Formula& f, const Amount& way) const {
  const std::string_view code = vehicle_code(f);
  const HaulBands::Bands* const bands = bands_.find(code);
  if (bands == nullptr || f.failed()) return code;
  // Passenger-km do not say how long the way was.
  if (way.unit.dimension != Dimension::kDistance) {
    f.fail(Gap::kUnitMismatch, way_, way.steps.given_unit.view());
    return code;
  }
  const std::string_view banded =
      HaulBands::code(*bands, convert(way.value, way.unit, kilometre()));
  return banded.empty() ? code : banded;
}

void BusinessTravel::add_nights(Formula& f, bool travels) const {
  if (!f.has(nights_)) return;
  f.kind(travels ? kTravelAndHotel : kHotel);
  const Amount nights = f.amount(nights_);
  // The code of a way is none of a hotel.
  if (travels && !f.has(hotel_)) f.fail(Gap::kMissingInput, hotel_);
  const std::string_view code = f.code_of_country(f.has(hotel_) ? f.text(hotel_) : f.activity());
  f.optional();
  f.add(nights, f.factor(code, Boundary::kLifeCycle, nights), "hotel");
}

void BusinessTravel::spend_based(Formula& f) const {
  if (!in_scope(f)) return;
  f.add_spend(f.money(spend()), f.activity(), Boundary::kCradleToGate);
}

}  // namespace chunkmill::scope3
