// Every verb's entry, one a file.
#pragma once

#include <string>
#include <vector>

#include "framework/cli/command.hpp"

namespace chunkmill::host::cli {

using Arguments = std::vector<std::string>;

int run_command(const Arguments& arguments);
int validate_command(const Arguments& arguments);
int plan_command(const Arguments& arguments);
int preview_command(const Arguments& arguments);
int plugins_list_command(const Arguments& arguments);
int plugins_describe_command(const Arguments& arguments);
int plugins_new_command(const Arguments& arguments);
int plugins_check_command(const Arguments& arguments);
int plugins_lock_command(const Arguments& arguments);
int plugins_schema_command(const Arguments& arguments);
int rejects_list_command(const Arguments& arguments);
int rejects_show_command(const Arguments& arguments);
int rejects_export_command(const Arguments& arguments);
int rejects_replay_command(const Arguments& arguments);
int rejects_dismiss_command(const Arguments& arguments);
int runs_list_command(const Arguments& arguments);
int runs_show_command(const Arguments& arguments);

const Verb& verb_named(const std::string& name);

// What `run` would do: begin, resume from where, or nothing; changes nothing.
int print_start(JobSession& session, bool restart);

}  // namespace chunkmill::host::cli
