/** The page for people. */
package org.apache.heron.apiserver.page;
