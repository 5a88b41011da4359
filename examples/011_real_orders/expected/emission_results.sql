select Type, factor_id, method, flags, count(*) as lines, round(sum(Amount), 2) as spend, round(sum(emissions_kgco2e), 3) as kgco2e
from emission_results group by 1, 2, 3, 4
