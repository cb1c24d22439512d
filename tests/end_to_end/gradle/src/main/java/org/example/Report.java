package org.example;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;

public class Report {
  public static void main(String[] arguments) throws Exception {
    System.out.println(new ObjectMapper().writeValueAsString(ImmutableMap.of("report", "ready")));
  }
}
