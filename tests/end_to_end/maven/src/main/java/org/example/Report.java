package org.example;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class Report implements CommandLineRunner {
  public static void main(String[] arguments) {
    SpringApplication.run(Report.class, arguments);
  }

  @Override
  public void run(String... arguments) throws Exception {
    System.out.println(new ObjectMapper().writeValueAsString(Map.of("report", "ready")));
  }
}
