#include "testbench/replay/replay_player.h"

#include <fmt/format.h>

#include <array>

#include "config/scalars.h"

namespace nandtlm {
namespace {

const char* status_word(std::int8_t ready_state) {
  constexpr std::array<const char*, 3> kWords = {"busy", "extrdy", "ready"};
  return ready_state < 0 ? "nothing" : kWords[static_cast<std::uint8_t>(ready_state)];
}

std::string describe(const Refusal& refusal) {
  std::string text = name(refusal.reason);
  if (*refusal.rule != '\0') text += fmt::format(" ({})", refusal.rule);
  if (refusal.blocker != 0) text += fmt::format(", uid {} stands in the way", refusal.blocker);
  if (refusal.to > refusal.from) text += fmt::format(" from {} to {} us", us_text(refusal.from), us_text(refusal.to));
  return text;
}

}  // namespace

ReplayPlayer::ReplayPlayer(sc_core::sc_module_name name, std::shared_ptr<const SequenceRows> sequence,
                           const Device& device, Scheduler& scheduler)
    : Workload(name),
      sequence_(std::move(sequence)),
      device_(device),
      scheduler_(scheduler),
      to_propose_(sequence_->rows.size()) {
  scheduler.enroll(*this);
  SC_HAS_PROCESS(ReplayPlayer);
  SC_METHOD(propose_due);
  sensitive << due_event_;
  dont_initialize();
}

void ReplayPlayer::begin() {
  due_event_.notify(sc_core::SC_ZERO_TIME);
}

double ReplayPlayer::progress() const {
  return to_propose_ == 0 ? 1 : static_cast<double>(decided_) / static_cast<double>(to_propose_);
}

bool ReplayPlayer::stop() {
  to_propose_ = proposed_;
  due_event_.cancel();
  return true;
}

void ReplayPlayer::propose_due() {
  const std::vector<SequenceRow>& rows = sequence_->rows;
  const Time now = time_.now();
  while (proposed_ < to_propose_ && rows[proposed_].time <= now) {
    propose(rows[proposed_]);
    ++proposed_;
  }
  if (proposed_ < to_propose_) due_event_.notify(time_.to_kernel(rows[proposed_].time - now));
}

void ReplayPlayer::propose(const SequenceRow& row) {
  Request request;
  request.op = row.op;
  request.die = row.die;
  request.targets = sequence_->targets_of(row);
  request.not_before = row.time;
  request.exact = true;
  request.uid = row.uid;
  request.source = Source::Replay;
  const std::uint64_t ticket = scheduler_.submit(request, *this);
  if (row.expected_status >= 0) status_reads_.emplace(ticket, proposed_);
}

void ReplayPlayer::batch_decided(const BatchDecision& decision) {
  const SequenceRow& row = sequence_->rows[decided_++];
  if (decision.accepted) return;
  status_reads_.erase(decision.ticket);
  refused_.add(fmt::format("{}: refused: {}", place_of(row), describe(decision.refusal)));
}

void ReplayPlayer::op_finished(const OpResult& result) {
  const auto found = status_reads_.find(result.ticket);
  if (found == status_reads_.end()) return;
  const SequenceRow& row = sequence_->rows[found->second];
  status_reads_.erase(found);
  if (result.outcome != Reason::None || result.ready_state == row.expected_status) return;
  unexpected_status_.add(fmt::format("{}: answered {}, expected {}", place_of(row), status_word(result.ready_state),
                                     status_word(row.expected_status)));
}

void ReplayPlayer::transfer(StateArchive& archive) {
  archive.mark("replay");
  archive(proposed_, decided_, to_propose_, status_reads_, refused_, unexpected_status_);
  if (!archive.loading() || proposed_ >= to_propose_) return;
  due_event_.notify(time_.to_kernel(sequence_->rows[proposed_].time - time_.now()));
}

std::string ReplayPlayer::place_of(const SequenceRow& row) const {
  return fmt::format("{}:{}: {} at {} us, uid {}", sequence_->file, row.line, device_.op(row.op).name,
                     us_text(row.time), row.uid);
}

void ReplayPlayer::RowLog::add(const std::string& line) {
  ++count_;
  if (kept_.size() < kKept) kept_.push_back(line);
}

std::vector<std::string> ReplayPlayer::RowLog::lines() const {
  std::vector<std::string> lines = kept_;
  if (count_ > 0) lines.push_back(fmt::format("{} {}", count_, of_all_));
  return lines;
}

}  // namespace nandtlm
