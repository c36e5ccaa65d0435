// Which combinations of suspend and resume a run has reached, and which legal ones it has not.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "config/device.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// Listens, and counts:
/// * the cross of (op state, tenth of the state's time, op asked) for suspends and resumes of both families: where an
/// op
///   was cut and by which SUSPEND, where it went on and by which RESUME;
/// * how deep suspensions were nested: what was suspended on a die at once;
/// * how long backlogs were when an op went in;
/// * what became of RESUMEs: done, or cancelled with which reason.
/// A combination is legal where the tables let the SUSPEND come in that state; a state of no time has none.
class Coverage final : public TraceSink {
 public:
  static constexpr std::uint32_t kTenths = 10;
  /// The longest backlog with a row of its own; longer ones share the last.
  static constexpr std::size_t kLengths = 16;
  /// What can be suspended on a die at once.
  enum class Nesting : std::uint8_t { Program, Erase, ProgramOverErase };
  static constexpr std::size_t kNestings = 3;

  explicit Coverage(const Device& device);

  unsigned follows() const override { return kQueueCalls; }
  void op_started(const OpInfo& op, Time at) override;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override;
  void op_resumed(const OpInfo& op, Time at, Time remaining) override;
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override;
  void backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) override;
  void resume_failed(const ResumeError& error, Time at) override;
  void op_ended(const OpInfo& op, Time at) override;

  /// Legal combinations of the cross and of the nestings, and how many of them were never reached.
  std::size_t legal() const { return legal_; }
  std::size_t missing() const { return legal_ - reached_; }
  /// A few of those never reached, as text.
  std::vector<std::string> examples_of_missing(std::size_t most) const;

  /// The tenths of an op state in which a SUSPEND is legal and has not come yet, one bit each.
  std::uint16_t missing_tenths(BaseId base, State state) const;

  struct Row {
    const char* kind = "";  ///< suspend, resume, nesting, backlog, resume_outcome
    const char* family = "";
    std::string state;
    int tenth = -1;
    std::string asked;  ///< op, nesting, length, outcome
    std::uint64_t count = 0;
    bool legal = false;
  };
  std::vector<Row> rows() const;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(asked_, last_suspend_, last_resume_, suspended_, nestings_, lengths_, outcomes_, reached_);
  }

 private:
  struct Cell {
    std::uint64_t count = 0;
    bool legal = false;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(count, legal);
    }
  };
  /// A SUSPEND or RESUME with all (op state, tenth) of its family.
  struct Asked {
    OpId op{};
    std::vector<Cell> cells;  ///< [place of the op state * kTenths + tenth]

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(op, cells);
    }
  };

  void make_cells();
  void find_nestings();
  void note(OpId asked, const OpInfo& op, Time offset);
  void reach(Cell& cell) {
    if (cell.legal && cell.count == 0) ++reached_;
    ++cell.count;
  }
  std::size_t place(BaseId base, State state) const { return index(base) * kStates + static_cast<std::size_t>(state); }

  const Device& device_;
  std::vector<Asked> asked_;
  std::vector<std::int32_t> asked_of_op_;                 ///< [op]: place in asked_, -1: neither SUSPEND nor RESUME
  std::vector<OpId> last_suspend_;                        ///< [die]: the SUSPEND that started last
  std::vector<std::array<OpId, kFamilies>> last_resume_;  ///< [die]
  std::vector<std::array<bool, kFamilies>> suspended_;    ///< [die]
  std::array<Cell, kNestings> nestings_{};
  std::array<std::array<std::uint64_t, kLengths + 1>, kFamilies> lengths_{};
  std::array<std::array<std::uint64_t, kReasons>, kFamilies> outcomes_{};  ///< by reason; None: done
  std::size_t legal_ = 0;
  std::size_t reached_ = 0;
};

/// Writes coverage.json (a summary, with every legal combination never reached) and coverage.csv (every count) into
/// `folder`. Throws OutputError.
void write_coverage(const Coverage& coverage, const std::string& folder);

}  // namespace nandtlm
