#include <iostream>

#include "chunkmill/json.hpp"
#include "framework/cli/page.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/data/row_json.hpp"
#include "framework/data/value_text.hpp"
#include "framework/observe/text.hpp"
#include "framework/run/preview.hpp"

namespace chunkmill::host::cli {
namespace {

constexpr int kWidestCell = 48;

bool is_number(Type type) {
  return type == Type::kInt32 || type == Type::kInt64 || type == Type::kFloat64 ||
         type == Type::kDecimal128;
}

std::string row_number(int64_t parent) { return parent == 0 ? "*" : std::to_string(parent); }

void add_rows(Page* page, const PreviewRows& rows) {
  if (rows.batches.empty()) {
    page->text("  no rows\n");
    return;
  }
  const Schema& schema = rows.batches.front().schema();
  std::vector<std::string> names{"#"};
  std::vector<std::string> types{""};
  for (const Field& field : schema.fields) {
    names.push_back(field.name);
    types.push_back(field.type_text() + (field.unit.empty() ? "" : " " + field.unit));
  }
  Table table(std::move(names), Overflow::kBlocks);
  table.right(0);
  for (size_t i = 0; i < schema.size(); ++i)
    if (is_number(schema[i].type)) table.right(i + 1);
  table.below_header(std::move(types));
  size_t at = 0;
  for (const Batch& batch : rows.batches) {
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      std::vector<std::string> cells{row_number(rows.parents[at++])};
      for (size_t i = 0; i < schema.size(); ++i) {
        std::string& cell = cells.emplace_back();
        if (batch.column(i).is_null(row)) {
          cell = "-";
          continue;
        }
        append_value_text(&cell, batch.column(i), schema[i], row);
        if (page->screen().columns > 0)
          cell = fit(printable(cell), kWidestCell, page->screen().unicode);
      }
      table.add(std::move(cells));
    }
  }
  page->table(table, 2);
}

std::string count_text(int64_t rows) {
  return std::to_string(rows) + (rows == 1 ? " row" : " rows");
}

void add_rejects(Page* page, const std::vector<Reject>& rejects) {
  Table table({"#", "stage", "code", "column", "why"}, Overflow::kWrap);
  table.right(0);
  for (const Reject& reject : rejects) {
    std::string why = reject.message;
    if (!reject.where.empty() && reject.line > 0)
      why += " (" + reject.where + ":" + std::to_string(reject.line) + ")";
    table.add({std::to_string(reject.ordinal), std::string(reject_stage_name(reject.stage)),
               reject.code, reject.column, why});
  }
  page->table(table, 2);
}

std::string as_text(const Preview& preview, const Screen& screen) {
  Page page(screen);
  for (const PreviewRows& rows : preview.stages) {
    page.heading(rows.stage + ": " + count_text(rows.row_count()));
    add_rows(&page, rows);
  }
  for (const PreviewRows& rows : preview.streams) {
    page.heading("stream \"" + rows.stream + "\": " + count_text(rows.row_count()));
    add_rows(&page, rows);
  }
  if (!preview.rejects.empty()) {
    page.heading("rejected: " + count_text(static_cast<int64_t>(preview.rejects.size())));
    add_rejects(&page, preview.rejects);
  }
  page.gap();
  page.text(screen.dim("# is the record's number in the preview; nothing was written") + "\n");
  return page.str();
}

void write_rows(JsonWriter* json, const PreviewRows& rows) {
  json->begin_object();
  if (!rows.stage.empty()) json->field("stage", rows.stage);
  json->field("stream", rows.stream).key("rows").begin_array();
  size_t at = 0;
  for (const Batch& batch : rows.batches)
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      json->begin_object().field("record", rows.parents[at++]);
      json->key("values").raw(row_as_json(batch, row)).end_object();
    }
  json->end_array().end_object();
}

std::string as_json(const Preview& preview) {
  std::string text;
  JsonWriter json(&text);
  json.begin_object().field("records", preview.records).key("stages").begin_array();
  for (const PreviewRows& rows : preview.stages) write_rows(&json, rows);
  json.end_array().key("streams").begin_array();
  for (const PreviewRows& rows : preview.streams) write_rows(&json, rows);
  json.end_array().key("rejects").begin_array();
  for (const Reject& reject : preview.rejects) {
    json.begin_object().field("record", reject.ordinal);
    json.field("stage", reject_stage_name(reject.stage)).field("plugin", reject.plugin);
    json.field("code", reject.code).field("column", reject.column);
    json.field("message", reject.message);
    json.field("where", reject.where).field("line", reject.line);
    json.field("raw", reject.raw).end_object();
  }
  json.end_array().end_object();
  return text + '\n';
}

}  // namespace

int preview_command(const Arguments& arguments) {
  CommonOptions common;
  common.log_level = "warn";
  int64_t rows = 15;
  options::options_description described("options");
  described.add_options()("rows", options::value(&rows), "how many records are read (default: 15)");
  common.describe(&described);
  options::variables_map values;
  if (const auto done = parse(verb_named("preview"), described, {"JOB"}, arguments, &values))
    return *done;
  if (rows < 1 || rows > 100'000)
    return fail(Status(Code::kUsage, "--rows is a number from 1 to 100000"));

  int exit_code = kSuccess;
  const std::unique_ptr<JobSession> session =
      open_job(operand(values, "JOB"), common, Patience::kNone, &exit_code);
  if (!session) return exit_code;
  const Result<Preview> made = session->preview(rows);
  if (!made.ok())
    return fail(Status(made.status().code(), session->log().redact(made.status().message())));
  std::cout << (common.json() ? as_json(*made)
                              : as_text(*made, Screen::of_stdout(common.no_color)));
  return kSuccess;
}

}  // namespace chunkmill::host::cli
