// The job's lookups as tables of a database: made once, with an index for every column that the
// statement finds rows by, and read by all lanes from the same memory.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "chunkmill/host.hpp"
#include "plugins/calculators/sql/memory_database.hpp"

namespace chunkmill::select {

struct Lookup {
  std::string name;
  Table table;
};

// An index that would help: of the lookup with that number, over columns with their collations,
// and with all columns that the statement reads, so that it finds them in the index itself.
struct IndexWish {
  size_t lookup = 0;
  std::vector<std::pair<size_t, std::string>> columns{};
  std::vector<size_t> read{};
  bool operator<(const IndexWish& other) const {
    return std::tie(lookup, columns, read) < std::tie(other.lookup, other.columns, other.read);
  }
};
using IndexWishes = std::set<IndexWish>;

// Tables of the lookups' columns without rows, which note what SQLite looks for in them while it
// plans a statement. Ownership: registered with a database, which it outlives.
class LookupProbes {
 public:
  LookupProbes(MemoryDatabase& db, const std::vector<Lookup>& lookups);
  LookupProbes(const LookupProbes&) = delete;
  LookupProbes& operator=(const LookupProbes&) = delete;

  const IndexWishes& wishes() const { return wishes_; }

  struct Probe {
    LookupProbes* all;
    size_t lookup;
    std::string declaration;
  };
  void note(IndexWish wish);

 private:
  std::deque<Probe> probes_;  // stay where they are: SQLite points to them
  IndexWishes wishes_;
};

// The tables themselves. Read-only once made. Threads: any.
class LookupTables {
 public:
  // Throws Error(CM_INVALID) where a value cannot be a value of SQL.
  LookupTables(const std::vector<Lookup>& lookups, const IndexWishes& wishes);

  // Makes them the tables of `db`, which must end before this.
  void attach(MemoryDatabase& db) const;

 private:
  struct Free {
    void operator()(unsigned char* memory) const { sqlite3_free(memory); }
  };
  std::unique_ptr<unsigned char, Free> image_;
  sqlite3_int64 size_ = 0;
};

}  // namespace chunkmill::select
