package org.apache.heron.benchmarks;

import com.netflix.fenzo.ConstraintEvaluator;
import com.netflix.fenzo.SchedulingResult;
import com.netflix.fenzo.TaskAssignmentResult;
import com.netflix.fenzo.TaskRequest;
import com.netflix.fenzo.TaskScheduler;
import com.netflix.fenzo.VMAssignmentResult;
import com.netflix.fenzo.VMTaskFitnessCalculator;
import com.netflix.fenzo.VirtualMachineLease;
import com.netflix.fenzo.plugins.BinPackingFitnessCalculators;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.mesos.Protos.Attribute;
import org.apache.mesos.Protos.Offer;

/** Fenzo 1.0.1 as its own TestLotsOfTasks sets it up. */
final class FenzoScheduler implements PlacementAgainstFenzo.Scheduler, AutoCloseable {
  private static final double GOOD_ENOUGH = 1.0;

  private final TaskScheduler scheduler =
      new TaskScheduler.Builder()
          .withFitnessGoodEnoughFunction(fitness -> fitness >= GOOD_ENOUGH)
          .withFitnessCalculator(BinPackingFitnessCalculators.cpuBinPacker)
          .withLeaseOfferExpirySecs(1_000_000)
          .withLeaseRejectAction(
              lease -> {
                throw new IllegalStateException("rejected " + lease.hostname());
              })
          .build();
  private List<VirtualMachineLease> news = new ArrayList<>();
  private int leaseNumber;

  FenzoScheduler(int hosts) {
    for (int i = 0; i < hosts; i++) {
      news.add(
          new Lease(
              "lease-" + ++leaseNumber,
              "agent-" + i + ".example",
              PlacementAgainstFenzo.CPUS,
              PlacementAgainstFenzo.CPUS * 1000.0,
              List.of(new VirtualMachineLease.Range(1, 10))));
    }
  }

  @Override
  public int place(List<PlacementAgainstFenzo.Wanted> tasks, PlacementAgainstFenzo.Clock clock) {
    List<Request> requests = tasks.stream().map(Request::new).toList();
    clock.start();
    SchedulingResult result = scheduler.scheduleOnce(requests, news);
    clock.stop();
    if (!result.getExceptions().isEmpty()) {
      throw new IllegalStateException(result.getExceptions().get(0));
    }
    return carryOut(result);
  }

  private int carryOut(SchedulingResult result) {
    news = new ArrayList<>();
    int cpus = 0;
    for (VMAssignmentResult host : result.getResultMap().values()) {
      double taken = 0;
      List<Integer> ports = new ArrayList<>();
      for (TaskAssignmentResult task : host.getTasksAssigned()) {
        scheduler.getTaskAssigner().call(task.getRequest(), host.getHostname());
        taken += task.getRequest().getCPUs();
        ports.addAll(task.getAssignedPorts());
      }
      cpus += (int) taken;
      double left =
          host.getLeasesUsed().stream().mapToDouble(VirtualMachineLease::cpuCores).sum() - taken;
      if (left > 0) {
        news.add(
            new Lease(
                "lease-" + ++leaseNumber,
                host.getHostname(),
                left,
                left * 1000,
                portsLeft(host.getLeasesUsed(), ports)));
      }
    }
    return cpus;
  }

  private static List<VirtualMachineLease.Range> portsLeft(
      List<VirtualMachineLease> leases, List<Integer> taken) {
    List<VirtualMachineLease.Range> left = new ArrayList<>();
    for (VirtualMachineLease lease : leases) {
      for (VirtualMachineLease.Range range : lease.portRanges()) {
        for (int port = range.getBeg(); port <= range.getEnd(); port++) {
          if (!taken.contains(port)) {
            left.add(new VirtualMachineLease.Range(port, port));
          }
        }
      }
    }
    return left;
  }

  @Override
  public void close() {
    scheduler.shutdown();
  }

  /** What a host offers. */
  private record Lease(String id, String host, double cpus, double mem, List<Range> ports)
      implements VirtualMachineLease {
    @Override
    public String getId() {
      return id;
    }

    @Override
    public long getOfferedTime() {
      return System.currentTimeMillis();
    }

    @Override
    public String hostname() {
      return host;
    }

    @Override
    public String getVMID() {
      return host;
    }

    @Override
    public double cpuCores() {
      return cpus;
    }

    @Override
    public double memoryMB() {
      return mem;
    }

    @Override
    public double networkMbps() {
      return 0;
    }

    @Override
    public double diskMB() {
      return 0;
    }

    @Override
    public List<Range> portRanges() {
      return ports;
    }

    @Override
    public Offer getOffer() {
      return Offer.getDefaultInstance();
    }

    @Override
    public Map<String, Attribute> getAttributeMap() {
      // Fenzo asks it for null, which Map.of() does not take.
      return Collections.emptyMap();
    }

    @Override
    public Double getScalarValue(String name) {
      return null;
    }

    @Override
    public Map<String, Double> getScalarValues() {
      return Map.of();
    }
  }

  /** What a task asks for. */
  private static final class Request implements TaskRequest {
    private final String id;
    private final int cpus;
    private AssignedResources assigned;

    Request(PlacementAgainstFenzo.Wanted task) {
      id = "task-" + task.number();
      cpus = task.cpus();
    }

    @Override
    public String getId() {
      return id;
    }

    @Override
    public String taskGroupName() {
      return "";
    }

    @Override
    public double getCPUs() {
      return cpus;
    }

    @Override
    public double getMemory() {
      return cpus * 1000.0;
    }

    @Override
    public double getNetworkMbps() {
      return 0;
    }

    @Override
    public double getDisk() {
      return 0;
    }

    @Override
    public int getPorts() {
      return 1;
    }

    @Override
    public Map<String, Double> getScalarRequests() {
      return Map.of();
    }

    @Override
    public Map<String, NamedResourceSetRequest> getCustomNamedResources() {
      return Map.of();
    }

    @Override
    public List<? extends ConstraintEvaluator> getHardConstraints() {
      return List.of();
    }

    @Override
    public List<? extends VMTaskFitnessCalculator> getSoftConstraints() {
      return List.of();
    }

    @Override
    public void setAssignedResources(AssignedResources resources) {
      assigned = resources;
    }

    @Override
    public AssignedResources getAssignedResources() {
      return assigned;
    }
  }
}
