-- All columns, but for the last digits of ways between airports: a sine differs in them from processor to processor.
select line, description, supplier, region, spend, currency, date, category, kind, method, method_reason, amount_given, unit_given, amount_net, fx_rate,
  fx_period, price_ratio, price_years, share, activity_amount, activity_unit, factor_id, factor_set, factor_set_version, factor_value,
  factor_unit, match_level, factor_year, factor_region, factor_technology, price_basis, boundary, gwp_set, factor_hash, parts,
  emissions_kgco2e, co2_kg, ch4_kg, n2o_kg, other_gases_kgco2e, biogenic_co2_kg, activity_quality, factor_quality, time_score,
  geography_score, pcaf_score, sdg95, runner_up_method, runner_up_kgco2e, attribution, flags,
  iif(factor_id like '%flight%', '', result_id) as result, iif(factor_id like '%flight%', '', explain) as formula
from emission_results
