// What a plugin's tests stand on: options, rows and a host written in the test, and drivers that
// call a plugin class through its C table as the host would. No .so, no job, no test framework.
//
//   testing::CalculatorRun run(testing::calculator_api<Tax>(), {{"rate", 0.25}});
//   run.feed(testing::Rows("id,amount:float; A,100; B,"));
//   run.lines()   == std::vector<std::string>{"25"}
//   run.rejects   : row 1, "null_value"
//
// Failure: what a test got wrong itself (a cell that is no value of its column, a call that makes
// no sense) throws std::logic_error; what the plugin answers comes back as an Outcome, or, from the
// calls that promise success, as std::runtime_error with the plugin's message.
// Threads: one at a time; MemoryHost alone may be called from several lanes at once.
#pragma once

#include "chunkmill/testing/calculator_run.hpp"
#include "chunkmill/testing/hook_run.hpp"
#include "chunkmill/testing/sink_run.hpp"
#include "chunkmill/testing/source_run.hpp"
