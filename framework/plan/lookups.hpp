// Lookups: the job's reference tables. Small ones are read whole and kept for as long as the
// pipeline lives; large ones are read anew for each who asks, batch by batch as they are used.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/data/batch.hpp"
#include "framework/job/spec.hpp"
#include "framework/plan/services.hpp"
#include "framework/plugin/registry.hpp"
#include "framework/plugin/source.hpp"

namespace chunkmill::host {

// Threads: any, guarded by one mutex; a small table is read once for each set of columns and types
// that is asked for. What read() gives is the receiver's, and is used by one thread at a time.
class Lookups {
 public:
  // All must outlive it.
  Lookups(const std::vector<LookupSpec>& specs, Registry& registry,
          const Surroundings& surroundings)
      : specs_(specs), registry_(registry), surroundings_(surroundings) {}

  // As cm_host.lookup says. kJob where there is no such table or column, or where a row of it does
  // not parse: the message names its file and line. Of a large table later rows are found out when
  // the stream comes to them. The stream must not outlive this.
  Status read(std::string_view name, const ArrowSchema* wanted, ArrowArrayStream* out);

  // What identifies the content of each table, by name: for the fingerprint. kUnavailable where a
  // table that was read is another one now.
  Result<std::vector<std::pair<std::string, std::string>>> identities();
  // After identities(): the tables of which it does not say whether their rows have changed.
  const std::vector<std::string>& cannot_tell() const { return cannot_tell_; }

 private:
  struct Table {
    Schema schema;
    std::vector<Batch> batches;
  };

  Result<const LookupSpec*> find(std::string_view name) const;
  Result<Source> open_source(const LookupSpec& spec, Services* services) const;
  class Reading;

  Result<std::shared_ptr<Reading>> open_table(const LookupSpec& spec, const Schema* wanted)
      CHUNKMILL_REQUIRES(mutex_);
  Status check_same(const LookupSpec& spec, Source& source) CHUNKMILL_REQUIRES(mutex_);

  const std::vector<LookupSpec>& specs_;
  Registry& registry_;
  const Surroundings surroundings_;
  std::vector<std::string> cannot_tell_;
  Mutex mutex_;
  std::map<std::string, std::string> identities_
      CHUNKMILL_GUARDED_BY(mutex_);  // of the tables that were read
  std::map<std::string, Table> tables_ CHUNKMILL_GUARDED_BY(mutex_);  // by name and wanted columns
};

}  // namespace chunkmill::host
