// The factors of the tests by hand: round numbers, each per its own unit.
#pragma once

#include <string>

#include "tests/plugins/scope3_common/category_run.hpp"

inline const char* const kTransportFactors =
    "set,factor_id,activity_code,value,unit,boundary,radiative_forcing\n"
    "s,diesel-ttw,diesel,2.5,kgCO2e/l,combustion,\n"
    "s,diesel-wtt,diesel,0.5,kgCO2e/l,upstream,\n"
    "s,grid,grid,0.4,kgCO2e/kWh,life_cycle,\n"
    "s,truck,truck,0.1,kgCO2e/tkm,life_cycle,\n"
    "s,us-truck,us_truck,0.2,kgCO2e/short_ton_mile,life_cycle,\n"
    "s,ship,ship,0.01,kgCO2e/tkm,life_cycle,\n"
    "s,box-ship,box_ship,0.05,kgCO2e/TEU km,life_cycle,\n"
    "s,plane-rf,plane,1.0,kgCO2e/tkm,life_cycle,with\n"
    "s,plane,plane,0.6,kgCO2e/tkm,life_cycle,without\n"
    "s,car,car,0.2,kgCO2e/km,life_cycle,\n"
    "s,store,store,0.3,kgCO2e/m3 day,life_cycle,\n"
    "s,pallets,pallets,0.5,kgCO2e/pallet day,life_cycle,\n"
    "e,haulage,haulage,1.5,kgCO2e/2022 USD,cradle_to_gate,\n";
