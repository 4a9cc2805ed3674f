using AccessBench;
using BenchmarkDotNet.Running;

BenchmarkRunner.Run<PolicyBench>(args: args);
