// Results do not depend on how rows come in batches.
#include <catch2/catch.hpp>

#include "tests/plugins/scope3_purchased_goods/purchased_goods.hpp"

namespace {

// Rows of every kind, more than one block of the writer.
std::string many_rows() {
  std::string out =
      "id,activity,spend:float,currency,date:date,quantity:float,unit,supplier_factor:float,"
      "supplier";
  for (int i = 0; i < 2500; ++i) {
    const std::string n = std::to_string(i);
    out += ";R" + n + "," +
           (i % 11 == 0  ? "999"
            : i % 2 == 0 ? "331110"
                         : "541511") +
           "," + (i % 7 == 0 ? "" : n + ".25") + "," + (i % 13 == 0 ? "EUR" : "USD") + "," +
           (i % 5 == 0 ? "2021-03-04" : "") + "," + (i % 3 == 0 ? n : "") + "," +
           (i % 3 == 0 ? (i % 2 == 0 ? "kg" : "t") : "") + "," + (i % 17 == 0 ? "2.5" : "") + "," +
           "A supplier whose name is longer than the padding of the writer: " + n;
  }
  return out;
}

}  // namespace

TEST_CASE("purchased_goods: results are the same however rows are cut into batches", "[scope3]") {
  const Rows rows(many_rows());
  PurchasedGoodsRun whole(Map{{"detail", "full"}});
  PurchasedGoodsRun cut(Map{{"detail", "full"}});

  whole.feed(rows);
  cut.feed(rows, 7);  // every batch but the first begins at an offset

  REQUIRE(whole.rejects.size() == cut.rejects.size());
  REQUIRE(whole.rejects.size() > 100);
  for (size_t i = 0; i < cut.rejects.size(); ++i) {
    CHECK(cut.rejects[i].row == whole.rejects[i].row);
    CHECK(cut.rejects[i].message == whole.rejects[i].message);
  }
  REQUIRE(whole.streams[0].row_for_row());
  REQUIRE(whole.lines().size() + whole.rejects.size() == static_cast<size_t>(rows.row_count()));
  CHECK(cut.lines() == whole.lines());
}

TEST_CASE("purchased_goods: result ids tell input, factor and settings apart, and nothing else",
          "[scope3]") {
  const char* const rows = "id,activity,spend:float;A,331110,1;B,331110,1;A,331110,2;A,541110,1";
  PurchasedGoodsRun one, again;
  PurchasedGoodsRun forced(Map{{"method", "spend_based"}});
  PurchasedGoodsRun lean(Map{{"detail", "lean"}});
  std::string changed(kFactors);
  changed.replace(changed.find("0.8,"), 4, "0.9,");
  PurchasedGoodsRun other_factor({}, {{"factors", changed}});

  for (PurchasedGoodsRun* run : {&one, &again, &forced, &lean, &other_factor}) run->feed(rows);

  CHECK(one.cell(0, "result_id") == again.cell(0, "result_id"));
  CHECK(one.cell(0, "result_id") == lean.cell(0, "result_id"));
  CHECK(one.cell(0, "result_id") != forced.cell(0, "result_id"));
  CHECK(one.cell(0, "result_id") != other_factor.cell(0, "result_id"));
  CHECK(one.cell(3, "result_id") == other_factor.cell(3, "result_id"));  // its factor is the same
  for (int64_t a = 0; a < 4; ++a)
    for (int64_t b = 0; b < a; ++b) CHECK(one.cell(a, "result_id") != one.cell(b, "result_id"));
}

TEST_CASE("purchased_goods: the result has the id under the job's name, and levels of detail",
          "[scope3]") {
  const Map names = {{"id", "supplier_id"}};
  PurchasedGoodsRun lean(Map{{"columns", names}, {"detail", "lean"}});

  lean.feed("supplier_id:int64,activity,spend:float;7,331110,1");

  CHECK(lean.streams[0].schema.names() ==
        std::vector<std::string>{"supplier_id", "category", "kind", "method", "activity_amount",
                                 "activity_unit", "factor_id", "factor_value", "emissions_kgco2e",
                                 "flags", "result_id"});
  CHECK(lean.cell(0, "supplier_id") == "7");
  CHECK(lean.streams[0].schema[8].unit == "kgCO2e");
}

TEST_CASE("purchased_goods: columns that the job names and that are not there are faults",
          "[scope3]") {
  const auto fault = [](Map options, const char* columns) {
    return PurchasedGoodsRun(std::move(options)).fault(columns);
  };

  CHECK(fault({{"columns", Map{{"spend", "cost"}}}}, "id,activity,x:float") ==
        "columns.spend: there is no column \"cost\"");
  CHECK(fault({}, "id,activity") ==
        "columns.spend: there is none of the columns that methods begin with (spend, quantity, "
        "supplier_scope12, material_mass, inbound_distance, supplier_waste): name one");
  CHECK(fault({{"carry", "Method"}}, "id,activity,Method,spend:float") ==
        "carry: column \"Method\" would stand twice in the result; give it another name");
  CHECK(fault({{"methods_allowed", "spend_base"}}, "id,activity,spend:float") ==
        "methods_allowed: \"spend_base\" is none of supplier_specific, hybrid, hybrid_partial, "
        "average_data, spend_based; did you mean \"spend_based\"?");
  CHECK(fault({{"currency", "dollars"}}, "id,activity,spend:float") ==
        "currency: \"dollars\" is not an ISO 4217 code like USD");
}

TEST_CASE("purchased_goods: a column that is calculated with can be carried as well", "[scope3]") {
  PurchasedGoodsRun run(Map{{"carry", List{"spend", "date", "note"}}});

  run.feed("id,note,activity,spend:float,date:date;A,,331110,12.5,2022-01-31;B,x,331110,1,");

  CHECK(run.cell(0, "spend") == "12.5");
  CHECK(run.cell(0, "date") == "2022-01-31");
  CHECK(run.cell(0, "note") == "null");
  CHECK(run.cell(1, "date") == "null");
  CHECK(run.cell(1, "note") == "x");
}
